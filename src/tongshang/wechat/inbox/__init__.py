"""The callback inbox: verified pushes are stored before they are answered, and read later, exactly once."""
