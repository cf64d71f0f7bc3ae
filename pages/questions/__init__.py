"""One file a question: its controls, pictures and sentence. What is claimed and measured has the same name in ``core``."""
