from .bank import Answer, BankUnavailable, Line, Outcome, bank

__all__ = ["Answer", "BankUnavailable", "Line", "Outcome", "bank"]
