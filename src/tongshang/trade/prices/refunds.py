"""What pieces are worth when they come back."""


def refundable(*, paid_fen: int, quantity: int, refunded_quantity: int, refunded_fen: int, more: int) -> int:
    """Say what `more` pieces of a line are worth when they come back: the last piece brings the rest.

    Computed from the allocation that was stored with the order, never from today's prices.
    """
    if more <= 0 or refunded_quantity + more > quantity:
        return 0
    due = paid_fen * (refunded_quantity + more) // quantity
    return max(0, due - refunded_fen)
