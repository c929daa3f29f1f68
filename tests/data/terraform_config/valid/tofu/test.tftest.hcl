this is } not configuration
