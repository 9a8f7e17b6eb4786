"""A member as a person: names, birthday, address and bank data, and who they are to the law."""
