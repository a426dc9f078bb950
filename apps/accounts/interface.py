"""People, their roles, and what proves who they are."""

from .data import ApiKey, KeptApiKey, RecordedAction, ResetLink, TokenPair, User
from .queries import (
    actor_of_user,
    find_user_by_email,
    get_user,
    get_users,
    list_actions,
    list_api_keys,
    list_users,
    user_ids_with_role,
)
from .services.end_sessions import end_sessions
from .services.erase import erase_account
from .services.forget_tokens import forget_expired_tokens
from .services.issue_api_key import SCOPES, issue_api_key, revoke_api_key
from .services.keys import actor_from_api_key, create_api_key, ensure_api_key, issue_ws_ticket, redeem_ws_ticket
from .services.passwords import change_password, check_password_rules, set_password
from .services.record_action import record_action
from .services.register import ensure_user, register, rename
from .services.reset import password_reset_link, request_password_reset
from .services.roles import deactivate, grant_role, revoke_role
from .services.sign_in import authenticate
from .services.tokens import ACCESS_LIFE, actor_from_access_token, issue_tokens, revoke_refresh, rotate_refresh
from .services.verify import request_verification, verification_token, verify_email

__all__ = [
    "revoke_api_key",
    "list_users",
    "list_api_keys",
    "issue_api_key",
    "SCOPES",
    "KeptApiKey",
    "ACCESS_LIFE",
    "ApiKey",
    "RecordedAction",
    "ResetLink",
    "TokenPair",
    "User",
    "actor_from_access_token",
    "actor_from_api_key",
    "actor_of_user",
    "authenticate",
    "change_password",
    "check_password_rules",
    "create_api_key",
    "deactivate",
    "end_sessions",
    "ensure_api_key",
    "ensure_user",
    "erase_account",
    "find_user_by_email",
    "forget_expired_tokens",
    "get_user",
    "get_users",
    "grant_role",
    "issue_tokens",
    "issue_ws_ticket",
    "list_actions",
    "password_reset_link",
    "record_action",
    "redeem_ws_ticket",
    "register",
    "rename",
    "request_password_reset",
    "request_verification",
    "revoke_refresh",
    "revoke_role",
    "rotate_refresh",
    "set_password",
    "user_ids_with_role",
    "verification_token",
    "verify_email",
]
