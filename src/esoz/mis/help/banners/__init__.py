"""Help at the door and everywhere: banners about incidents, support contacts, the browser, local data."""
