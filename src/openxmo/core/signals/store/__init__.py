"""Where signals lie: the home, the lake's tables and files, receipts, and what tells one signal from another."""
