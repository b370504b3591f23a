"""The words of the sample world, all made up: comments, what is said in a conversation, what is searched."""

BEGGING = "If you could give me a five, a five helps me."

PRAISE = (
    "Friendly and quick, it works again.",
    "She explained it well and called back as promised.",
    "Solved in one call, thank you.",
    "The engineer came the same evening and it just worked.",
    "Nice person, took the time to check the line.",
    "Good service, no waiting.",
)
SO_SO = (
    "Polite, but I had to explain it twice.",
    "It took longer than it should.",
    "Works for now, let us see for how long.",
    "The bill is still hard to read.",
)
ANGER = (
    "Third time I ask about the same thing and nobody owns it.",
    "I was passed from one desk to the next.",
    "You promised the same evening and I waited three days.",
    "Nobody called back. I am looking at other providers.",
    "The line drops every night and all I hear is restart the router.",
    "The charge is wrong again and nobody can tell me why.",
)
HUB3_ANGER = (
    "The lights on the new Hub 3 keep blinking and the chat sent me in circles.",
    "Hub 3 drops out all evening since the day it was set up. Chat could not see the line.",
    "No article on what the Hub 3 lights mean, and chat only told me to restart it.",
    "New router, no connection, and the chat closed before it worked.",
)

GREETING = ("Good morning, Northlight, how can I help you?", "Hello, you are through to Northlight.")
TROUBLE = (
    "My connection is gone since last night.",
    "I was told it would work the same evening and it does not.",
    "There is a charge on my bill that I do not know.",
    "The wifi does not reach the upper floor.",
    "I am moving next month and want to take the line with me.",
)
STEPS = (
    "Let me check the line from here.",
    "I can see the router, one moment please.",
    "I will set it up anew and stay with you until it is back.",
    "I will pass this on to my colleagues.",
)
THANKS = ("All right, thank you.", "It is back, thanks.", "I hope so. Goodbye.", "Fine, I will try that.")
FAREWELL = ("Thank you for calling Northlight.", "Have a good day, goodbye.")

MISSING_ARTICLE = "Hub 3 lights"
SEARCHES = (
    "change wifi password",
    "read my bill",
    "move house",
    "slow in the evening",
    "set up hub",
    "cancel contract",
)
NOTICED = (
    "Half of my chats are people asking what the Hub 3 lights mean. There is no page on it, I explain it by heart."
)
MISFILED = "I want this treated as a formal complaint: three weeks without a line and my mother needs the alarm button."
RIVAL = "Brightwave advertises 'live in 24 h' in all regions; the offer page promises a refund of the first month."
