"""How the people's side is put together: settings, addresses, the server's entry."""
