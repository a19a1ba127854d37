"""Medical devices that doctors prescribed to the patient: number, code, what is left."""
