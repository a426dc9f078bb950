import sys

from .page import page

sys.stdout.write(page())
