import uuid
from uuid import UUID


def main():
    known = UUID("12345678-1234-5678-1234-567812345678")
    fresh = uuid.uuid4()
    return [
        str(known), known.hex, known.version, known.int, uuid.uuid5(uuid.NAMESPACE_DNS, "example.com").hex, known == UUID(known.hex),
        fresh.version, len(str(fresh)), uuid.uuid3(uuid.NAMESPACE_URL, "http://a").urn, known.bytes.hex() == known.hex, type(known) is UUID,
    ]

# ends: returned ["12345678-1234-5678-1234-567812345678", "12345678123456781234567812345678", null, 24197857161011715162171839636988778104, "cfbff0d193755685968c48ce8b15ae17", true, 4, 36, "urn:uuid:9907a344-b015-3351-ad05-2ab5aa50abb2", true, true]
