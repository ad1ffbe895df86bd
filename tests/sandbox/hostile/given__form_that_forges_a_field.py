"""Only fields of a trigger are sent by name."""


def main(form):
    form.post(initiator="dana")

# ends: faulted TypeError: a form has no field "initiator"; it has bypass_phone_intro, conference, escalation_override, expiration_in_minutes, other_response_count_threshold, override_device_restrictions, priority, properties, recipients, require_phone_password, response_options, target_all_devices, target_device_names, voicemail_options
