"""How an account is kept from strangers: passwords, second factors, devices, sessions, and the time
after a change that could hand it over."""
