"""Who is calling: OIDC access tokens, roles, internal keys. Knows no web framework."""
