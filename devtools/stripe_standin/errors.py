"""Errors in the form in which Stripe reports them."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An error that is answered as ``{"error": {…}}`` with the given status."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.kind = kind

    def body(self) -> dict[str, Any]:
        """Return the JSON body; ``code`` and ``param`` are left out when empty."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
        if self.param:
            error["param"] = self.param
        return {"error": error}


class Declined(ApiError):
    """A refusal that is itself an outcome: what it did stays done, and repeating the request repeats it."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(402, error["message"], code=error["code"], kind="card_error")
        self.decline_code = error.get("decline_code")

    def body(self) -> dict[str, Any]:
        """Build it with the bank's reason."""
        body = super().body()
        if self.decline_code:
            body["error"]["decline_code"] = self.decline_code
        return body


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """Return the error for a request that was understood and cannot be done."""
    return ApiError(400, message, code=code, param=param)


def missing(param: str) -> ApiError:
    """Return the error for a missing required parameter."""
    return ApiError(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown(params: list[str]) -> ApiError:
    """Return the error for parameters that this endpoint does not take."""
    word = "parameter" if len(params) == 1 else "parameters"
    return ApiError(400, f"Received unknown {word}: {', '.join(params)}", code="parameter_unknown", param=params[0])


def no_such(kind: str, object_id: str, param: str = "id", status: int = 400) -> ApiError:
    """Return the error for an unknown id: 404 if it is in the path, 400 if it is in a parameter."""
    return ApiError(status, f"No such {kind}: '{object_id}'", code="resource_missing", param=param)
