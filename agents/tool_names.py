"""The names of the tools that a role may name."""

DOCUMENT_TOOLS = ("list_documents", "search_documents", "find_text", "read_document")
"""What reads the person's folder."""

READ_EVIDENCE = "read_evidence"
"""The writer's only tool."""

ALIASES = {"Glob": "list_documents", "Grep": "find_text", "Read": "read_document"}
"""What the tools of Claude Code's subagent files are here."""
