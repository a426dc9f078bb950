"""Files of gifts: asked for, written in the background in bounded memory, handed to their owner, forgotten after a day."""
