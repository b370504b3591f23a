"""What the people of the sample organisation did in their office: each row made by the action a page would use."""
