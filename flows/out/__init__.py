"""What goes out: the digest of news, feeds, mail, exports, and answers for agents."""
