"""What a seller of the sandbox signs with: follows from market and seller, so that nobody has to hand it over."""

import hashlib


def secret_of(market: str, seller: str) -> str:
    return hashlib.sha256(f"sandbox of {market} for {seller}".encode()).hexdigest()


def client_of(market: str, seller: str) -> str:
    return f"{market}-{seller}"


def refresh_token_of(seller: str) -> str:
    """Stands for the one a merchant's consent gives (authorization code); Cafe24 only."""
    return hashlib.sha256(f"first consent of {seller}".encode()).hexdigest()
