"""Check digits that tell a real card or account number from any other run of digits."""


def passes_luhn(digits: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def passes_iban(account: str) -> bool:
    """The check digits of an IBAN without spaces (ISO 13616, by ISO 7064 MOD 97-10)."""
    moved = account[4:] + account[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1
