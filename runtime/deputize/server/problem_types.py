"""Every code that a problem document may have: its status, its title, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final


@dataclass(frozen=True, slots=True)
class ProblemType:
    """What is the same for all problems of a code."""

    status: HTTPStatus
    title: str
    #: What it means and what to do, for ``/errors/CODE``.
    explanation: str


PROBLEM_TYPES: Final[Mapping[str, ProblemType]] = {
    "BODY_INCOMPLETE": ProblemType(
        HTTPStatus.BAD_REQUEST,
        "Body incomplete",
        "The connection ended before the body did. Nothing was kept; send the request again.",
    ),
    "BODY_TOO_LARGE": ProblemType(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Body too large",
        "A body has at most 1 MiB. The rest was not read. Send less.",
    ),
    "BUSY": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Busy",
        "More is under way than is allowed: passwords to be verified, or large bodies to be read. Try again "
        "after Retry-After seconds. API keys and URL keys need no verification of a password.",
    ),
    "CALL_NOT_SETTLED": ProblemType(
        HTTPStatus.CONFLICT,
        "Call not settled",
        "Calls were under way when the run was interrupted. Say of each whether it was sent, in calls by its "
        "number in the entry run.interrupted; of a single one in call. Nothing was changed.",
    ),
    "CHAIN_CYCLE": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Scripts in a circle",
        "The script that calls was set off by the integration that it calls. Nothing was started; the "
        "activity stream shows it.",
    ),
    "CHAIN_TOO_DEEP": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Too many scripts in a row",
        "Scripts have set each other off as often as is allowed. Nothing was started; the activity stream "
        "shows it.",
    ),
    "CONFLICT": ProblemType(
        HTTPStatus.CONFLICT,
        "Conflict",
        "The act does not go with the present state; the detail says with what.",
    ),
    "CREDENTIALS_AMBIGUOUS": ProblemType(
        HTTPStatus.BAD_REQUEST,
        "Credentials ambiguous",
        "The request has more than one credential, or one in a wrong place. Send exactly one: in the header "
        "Authorization, or a URL key as apiKey in the address.",
    ),
    "NOT_RECORDED": ProblemType(
        HTTPStatus.CONFLICT,
        "Not recorded",
        "The script of the run was never started, or its journal is not kept any more: there is nothing to "
        "replay.",
    ),
    "SECRET_IN_BUNDLE": ProblemType(
        HTTPStatus.CONFLICT,
        "Secret in the script",
        "The script of the run holds the value of a secret, so that no bundle of it is given out. Take the "
        "value out of the script, and change the secret.",
    ),
    "CURSOR_INVALID": ProblemType(
        HTTPStatus.BAD_REQUEST,
        "Cursor invalid",
        "A cursor is good for the list, the filters and the caller that it was given to. Begin without one.",
    ),
    "ENCODING_REFUSED": ProblemType(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "Content encoding refused",
        "Bodies are taken as they are. Send the request without Content-Encoding.",
    ),
    "FORM_REFUSED": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Form refused",
        "A form of the page was sent that was not made for this session, or not as a form. Nothing was "
        "changed. Load the page again and send it from there.",
    ),
    "FORM_UNKNOWN": ProblemType(
        HTTPStatus.NOT_FOUND,
        "Form unknown",
        "The message names no form, none that is there, or more than one. Send it to PLAN+FORM@…, or name "
        "the form PLAN/FORM.",
    ),
    "IDEMPOTENCY_KEY_REUSED": ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Idempotency key reused",
        "This Idempotency-Key, or Message-ID, came before with another request. A new request has a new one.",
    ),
    "INSUFFICIENT_SCOPE": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Insufficient scope",
        "The access token, or the one that started the run which calls, was not granted what this needs: "
        "needs names the scope. Have the user grant it.",
    ),
    "INTERNAL": ProblemType(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Server failed",
        "A fault of the server, which its log describes. The request may be tried again.",
    ),
    "INVALID": ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Invalid",
        "Values of the request cannot be used; errors names each by its place.",
    ),
    "ISSUER_UNAVAILABLE": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Issuer unavailable",
        "The server that issued the access token does not answer, and its keys are not known here. Nothing "
        "was kept; send the request again after Retry-After seconds.",
    ),
    "LOGIN_NOT_PERMITTED": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Log-in not permitted",
        "The account has no role with the function login. It may use the REST API of the platform, and "
        "trigger integrations.",
    ),
    "MEDIA_TYPE_REFUSED": ProblemType(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "Media type refused",
        "A body for /api/v1 is JSON, sent with Content-Type: application/json. An inbound request may have "
        "any type; its body must be text in a charset that Content-Type names, or else UTF-8.",
    ),
    "MESSAGE_INVALID": ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Message invalid",
        "The message is none of RFC 5322 with one sender, is larger or deeper than is read, or says what "
        "cannot be used; the detail says which. Nothing was started.",
    ),
    "METHOD_NOT_ALLOWED": ProblemType(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Method not allowed",
        "The address is right and the method is not; Allow lists those that there are.",
    ),
    "METHOD_REQUIRED": ProblemType(
        HTTPStatus.CONFLICT,
        "Method required",
        "The inbound integration has no method of authentication and is locked. Choose one with the change.",
    ),
    "NOT_FOUND": ProblemType(
        HTTPStatus.NOT_FOUND,
        "Not found",
        "There is nothing of that id, name or address.",
    ),
    "NOT_JSON": ProblemType(
        HTTPStatus.BAD_REQUEST,
        "Not JSON",
        "The body must be one JSON value in UTF-8 (RFC 8259), at most 200 levels deep, without NaN, NUL or "
        "lone surrogates.",
    ),
    "NOT_PERMITTED": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Not permitted",
        "The caller lacks a right; needs lists what is missing, would_pass which roles have it.",
    ),
    "NOT_READY": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Not ready",
        "The server cannot do its work now; checks says which part is missing.",
    ),
    "NOT_REPLAYABLE": ProblemType(
        HTTPStatus.CONFLICT,
        "Run not replayable",
        "The run cannot be replayed live, whoever asks: it is still under way, or its integration has been "
        "deleted, switched off or made into another kind. The detail says which. Nothing was started.",
    ),
    "ORIGIN_REFUSED": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Origin refused",
        "A browser sent the request with a password for a page that is not this server's own. Nothing was "
        "changed. Programs leave out Origin and Sec-Fetch-Site; for pages there are URL keys.",
    ),
    "PASSWORD_EXPIRED": ProblemType(
        HTTPStatus.UNAUTHORIZED,
        "Password expired",
        "The password is right and has expired. Have it changed. API keys and URL keys go on working.",
    ),
    "PLAN_FILE_INVALID": ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Plan file invalid",
        "The body is no export of a plan: no zip, one that would do harm, or one whose records cannot be "
        "meant. The detail says which member, and where in it. Nothing was imported.",
    ),
    "RATE_LIMITED": ProblemType(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Rate limited",
        "The plan accepts, or denies, no more requests in this minute. Nothing of this one was kept; send it "
        "again after Retry-After seconds.",
    ),
    "REQUEST_UNREADABLE": ProblemType(
        HTTPStatus.BAD_REQUEST,
        "Request unreadable",
        "The request does not follow HTTP, or two of its parts contradict each other.",
    ),
    "SCRIPT_REJECTED": ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Script rejected",
        "The script cannot be run; diagnostics says where and why. Nothing was saved.",
    ),
    "SENDER_UNKNOWN": ProblemType(
        HTTPStatus.FORBIDDEN,
        "Sender unknown",
        "The address that the message is from is not that of one active user. Nothing was started.",
    ),
    "SIGNATURE_EXPIRED": ProblemType(
        HTTPStatus.UNAUTHORIZED,
        "Signature expired",
        "The signature is right, and the time that is signed with it is too far from the server's. Sign the "
        "request anew when it is sent again, and have both clocks set.",
    ),
    "SIGNATURE_REPLAYED": ProblemType(
        HTTPStatus.CONFLICT,
        "Signed request replayed",
        "This signed request has been accepted before, and nothing was started by it now. Whatever is to "
        "happen again is signed again; where no time is signed, its body has to differ.",
    ),
    "STORE_UNAVAILABLE": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Database unavailable",
        "The database does not answer or has no room. Nothing was kept; try again after Retry-After seconds.",
    ),
    "SWITCH_UNCONFIRMED": ProblemType(
        HTTPStatus.CONFLICT,
        "Switch unconfirmed",
        "Something speaks against giving the legacy integration a method: detail says what. Look into it, or "
        "send the request again with confirmed set to true.",
    ),
    "TEXT_NOT_STORABLE": ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Text not storable",
        "A text has a character that the database cannot hold, such as NUL. Leave it out.",
    ),
    "THROTTLED": ProblemType(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many failures",
        "There were too many wrong passwords for this account or from this address. Try again after "
        "Retry-After seconds. API keys and URL keys are not held up.",
    ),
    "TOO_MANY_CONNECTIONS": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many connections",
        "More connections are open than the server accepts. Try again after Retry-After seconds.",
    ),
    "TOO_MANY_FOLLOWERS": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many followers",
        "As many as may be follow the activity stream. Try again after Retry-After seconds.",
    ),
    "TOO_SLOW": ProblemType(
        HTTPStatus.REQUEST_TIMEOUT,
        "Request too slow",
        "The head or the body of the request did not arrive in time. Nothing was kept; send it again.",
    ),
    "UNAUTHENTICATED": ProblemType(
        HTTPStatus.UNAUTHORIZED,
        "Not authenticated",
        "The request has no credential, or none that is accepted here. It is not said which.",
    ),
}
