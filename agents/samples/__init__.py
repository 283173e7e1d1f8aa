"""The sample library: short documents on AI in the creative industries of Northmark, which is an invented country.

Every document, organisation, person and figure in this folder is made up for demonstration, as each document says
at its end. Disagreements are built in on purpose. It is what a question is asked of when no folder is named.
"""
