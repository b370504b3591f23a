"""What pages are made of: each component's figures and words here, its look under templates/ui/components/."""
