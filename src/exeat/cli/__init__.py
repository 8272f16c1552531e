"""The command line. A face: it holds no logic of its own."""
