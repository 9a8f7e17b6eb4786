"""The API described: OpenAPI, the shapes of answers, the codes of refusals."""
