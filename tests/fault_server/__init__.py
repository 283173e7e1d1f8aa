"""A server of faults for tests: each connection is answered with scripted bytes, exactly, well-formed or not.

async with FaultServer(FAULTS[0].answer, GOOD) as server:
    client = AsyncAnthropic(base_url=server.url, api_key="test", max_retries=0)
"""

from .fault import Fault as Fault
from .server import Answer as Answer
from .server import Do as Do
from .server import FaultServer as FaultServer
from .statuses import CONNECTIONS, STATUSES
from .streams import CUTS, ERRORS, GARBLED, REASONS
from .wire import CLAIM as CLAIM
from .wire import GOOD as GOOD
from .wire import PARTIAL as PARTIAL
from .wire import REQUEST_ID as REQUEST_ID
from .wire import SECRET as SECRET
from .wire import STREAM as STREAM
from .wire import error as error

FAULTS = (*STATUSES, *CONNECTIONS, *CUTS, *ERRORS, *GARBLED, *REASONS)
