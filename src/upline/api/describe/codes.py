"""Every error code, in one table: those of the published API (1001 to 1019), then ours."""

MEANINGS: dict[str, tuple[str, str]] = {
    "1001": ("401", "Invalid API key"),
    "1002": ("401", "Invalid access token"),
    "1003": ("401", "Invalid username or password"),
    "1004": ("422", "Incorrect input format: `fields` names every wrong parameter"),
    "1005": (
        "403, 429",
        "Login blocked by the office, or for a while after too many failed attempts",
    ),
    "1006": ("403", "Registration blocked by the office"),
    "1007": ("422", "Invalid sponsor username: unknown, blocked, or not in your team"),
    "1008": ("422", "Position already filled"),
    "1009": ("422", "Invalid placement: unknown, or not in the sponsor's team"),
    "1010": ("422", "Username already exists"),
    "1011": ("422", "Username not found"),
    "1012": ("404, 422", "Product not available"),
    "1013": ("422", "Incorrect date format (used only if nothing else is wrong)"),
    "1014": ("422", "Insufficient balance"),
    "1015": ("422", "Incorrect transaction password, or none set yet"),
    "1016": ("422", "Invalid e-pin: unknown, not yours, expired, blocked, used up, or too low"),
    "1017": ("422", "File type not supported: send PNG, JPEG or WebP"),
    "1018": ("422", "File size exceeded: at most 10 MiB and 50 megapixels"),
    "1019": ("403", "KYC not verified"),
    "1100": ("400", "The request could not be read"),
    "1101": ("403", "Not permitted"),
    "1102": ("404", "Not found"),
    "1103": ("405", "Method not allowed; `Allow` lists the methods that are"),
    "1104": ("429", "Too many requests; wait the seconds given in `Retry-After`"),
    "1105": ("500", "Internal error; report it with the `X-Request-Id`"),
    "1106": ("415", "Unsupported content type"),
    "1107": ("422", "The totals, prices or points are not those that were shown"),
    "1108": ("422", "The Idempotency-Key was already used with other parameters"),
    "1109": ("409", "A request with this Idempotency-Key is still in progress"),
    "1110": ("422", "The cart is empty"),
    "1111": ("413", "The body is too large"),
    "1112": ("503", "Temporarily unavailable"),
}


def as_table() -> str:
    """The table in Markdown, for people who read the OpenAPI document."""
    lines = [f"| {code} | {status} | {text} |" for code, (status, text) in MEANINGS.items()]
    return "\n".join(["| code | status | meaning |", "| --- | --- | --- |", *lines])
