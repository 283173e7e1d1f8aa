"""One model call: the conversation, its stream, its retries, its limits."""
