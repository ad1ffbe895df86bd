"""People: who one is, who is there, their roles and passwords."""

from http import HTTPStatus

from deputize.server.callers import Caller, Parts
from deputize.server.documents.users import MeDocument, SentPassword, SentUser, UserDocument, Users
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.change_user import change_user
from deputize.use_cases.revoke_tokens import revoke_tokens
from deputize.use_cases.see_users import see_myself, see_user, see_users
from deputize.use_cases.set_password import set_password

router = operations("Users")


@router.get("/me", operation_id="getMyself")
async def get_myself(parts: Parts, caller: Caller) -> MeDocument:
    """Return who the caller is, and what they may do in general."""
    return MeDocument.seen(*await see_myself(parts.database, caller))


@router.get("/users", operation_id="listUsers")
async def list_users(parts: Parts, caller: Caller) -> Users:
    """Return everybody, by name."""
    return Users(data=[UserDocument.of(each) for each in await see_users(parts.database, caller)])


@router.get("/users/{user}", operation_id="getUser", responses=may_answer(404))
async def get_user(parts: Parts, caller: Caller, user: str) -> UserDocument:
    """Return the person of that id or name."""
    return UserDocument.of(await see_user(parts.database, caller, user=user))


@router.patch("/users/{user}", operation_id="changeUser", responses=may_answer(404, 409))
async def patch_user(parts: Parts, caller: Caller, user: str, body: SentUser) -> UserDocument:
    """Change a person's roles and status; return them. Nobody gives more than they have."""
    await change_user(parts.database, caller, user=user, change=body.change())
    return UserDocument.of(await see_user(parts.database, caller, user=user))


@router.put(
    "/users/{user}/password",
    operation_id="setPassword",
    status_code=HTTPStatus.NO_CONTENT,
    responses=may_answer(404),
)
async def put_password(parts: Parts, caller: Caller, user: str, body: SentPassword) -> None:
    """Set one's own password, or that of somebody whom one administers. The old one is no good at once."""
    await set_password(
        parts.database,
        caller,
        hasher=parts.passwords,
        user=user,
        password=body.password,
        lifetime=parts.password_lifetime,
    )


@router.post(
    "/users/{user}/revoke-tokens",
    operation_id="revokeTokens",
    status_code=HTTPStatus.NO_CONTENT,
    responses=may_answer(404),
)
async def post_revoke_tokens(parts: Parts, caller: Caller, user: str) -> None:
    """End all that a person has let clients do: every token of theirs is refused from the next request on."""
    await revoke_tokens(parts.database, caller, user=user)
