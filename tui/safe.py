"""The one gate before every place where untrusted text reaches a terminal."""

from sessions.safe import safe as safe
from sessions.safe import safe_line as safe_line
