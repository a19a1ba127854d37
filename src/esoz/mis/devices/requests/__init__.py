"""Medical devices that a doctor prescribes: written, signed, shown with number and code, taken back."""
