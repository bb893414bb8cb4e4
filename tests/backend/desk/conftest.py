from tests.backend.conversations.conftest import (  # noqa: F401 - the same chat, seen from our side
    agents,
    assistant,
    at_work,
    chat,
    conversation_id,
    desk,
)
