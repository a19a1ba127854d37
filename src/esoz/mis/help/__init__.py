"""Help at the door and everywhere: banners, support, the state of the system."""
