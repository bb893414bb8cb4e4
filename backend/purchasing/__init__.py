"""Purchase orders (발주서) to suppliers."""
