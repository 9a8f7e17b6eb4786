"""Buying: `browsing` shows what is for sale, `cart` what is to be bought, `checkout` where it goes
and what pays it, `orders` what was bought. The rules are those of the API's flows."""
