nor is this }
