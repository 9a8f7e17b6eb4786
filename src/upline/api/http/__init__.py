"""How a request is read and answered, whichever call it is for."""
