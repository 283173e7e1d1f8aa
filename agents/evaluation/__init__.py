"""A person's golden set: asked, scored, judged."""
