"""Webhooks of a WhatsApp Business Account."""
