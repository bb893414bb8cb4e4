"""The one way to talk to a market: an adapter for each, all behind `contract.MarketGateway`."""
