"""A Claude-shaped server for tests: real HTTP and server-sent events, strict as the API is, scripted by the test.

    async with ClaudeServer(brain, Manners(thinking=True)) as server:
        client = AsyncAnthropic(base_url=server.url, api_key="test", max_retries=0)

The brain answers each request: `async def brain(request: dict[str, JsonValue]) -> Reply`.
"""

from .acts import Act as Act
from .acts import Barrier as Barrier
from .acts import CleanEnd as CleanEnd
from .acts import Drop as Drop
from .acts import ErrorEvent as ErrorEvent
from .acts import Garble as Garble
from .acts import HttpFault as HttpFault
from .acts import MaxTokens as MaxTokens
from .acts import Refuse as Refuse
from .acts import Stall as Stall
from .manners import FULL_MANNERS as FULL_MANNERS
from .manners import Cue as Cue
from .manners import Manners as Manners
from .manners import barrier as barrier
from .records import RecordedRequest as RecordedRequest
from .replies import Brain as Brain
from .replies import Reply as Reply
from .replies import Text as Text
from .replies import Thinking as Thinking
from .replies import ToolUse as ToolUse
from .replies import Usage as Usage
from .server import ClaudeServer as ClaudeServer
from .threaded import ThreadedClaudeServer as ThreadedClaudeServer
