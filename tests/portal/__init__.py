"""The portal over the real central and the simulator of id.gov.ua."""
