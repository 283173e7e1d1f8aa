"""A person's folder of documents, and the tools that read it."""
