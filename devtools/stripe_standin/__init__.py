"""A stand-in for Stripe: a separate process on loopback, for development and tests. No money moves.

It speaks the part of Stripe's HTTP API that the site uses, shows its own checkout and portal pages and sends signed
webhooks. It imports nothing from the rest of the project, and the site reaches it only over HTTP.
"""
