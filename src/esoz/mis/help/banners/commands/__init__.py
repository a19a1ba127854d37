"""Publishing banners: by a clinic, and by the operator of the installation."""
