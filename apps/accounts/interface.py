"""People, their roles, and what proves who they are."""

from .data import ApiKey, Enrolment, KeptApiKey, RecordedAction, ResetLink, SecondFactor, SignedIn, TokenPair, User
from .queries import (
    actor_of_user,
    find_user_by_email,
    get_user,
    get_users,
    has_second_factor,
    list_actions,
    list_api_keys,
    list_sessions,
    list_users,
    second_factor_of,
    user_ids_with_role,
)
from .services.end_sessions import end_session, end_sessions
from .services.erase import erase_account
from .services.forget_tokens import forget_ended_sessions, forget_expired_tokens
from .services.issue_api_key import SCOPES, issue_api_key, revoke_api_key
from .services.keys import actor_from_api_key, create_api_key, ensure_api_key, issue_ws_ticket, redeem_ws_ticket
from .services.note_session import note_session
from .services.passwords import change_password, check_password_rules, set_password
from .services.record_action import record_action
from .services.register import ensure_user, register, rename
from .services.reset import password_reset_link, request_password_reset
from .services.roles import deactivate, grant_role, revoke_role
from .services.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    disable_second_factor,
    pending_second_factor,
    prove_second_factor,
    renew_recovery_codes,
)
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
    "Enrolment",
    "RecordedAction",
    "ResetLink",
    "SecondFactor",
    "SignedIn",
    "TokenPair",
    "User",
    "actor_from_access_token",
    "actor_from_api_key",
    "actor_of_user",
    "authenticate",
    "begin_second_factor",
    "change_password",
    "check_password_rules",
    "confirm_second_factor",
    "create_api_key",
    "deactivate",
    "disable_second_factor",
    "end_session",
    "end_sessions",
    "ensure_api_key",
    "ensure_user",
    "erase_account",
    "find_user_by_email",
    "forget_ended_sessions",
    "forget_expired_tokens",
    "get_user",
    "get_users",
    "grant_role",
    "has_second_factor",
    "issue_tokens",
    "issue_ws_ticket",
    "list_actions",
    "list_sessions",
    "note_session",
    "password_reset_link",
    "pending_second_factor",
    "prove_second_factor",
    "record_action",
    "redeem_ws_ticket",
    "register",
    "rename",
    "renew_recovery_codes",
    "request_password_reset",
    "request_verification",
    "revoke_refresh",
    "revoke_role",
    "rotate_refresh",
    "second_factor_of",
    "set_password",
    "user_ids_with_role",
    "verification_token",
    "verify_email",
]
