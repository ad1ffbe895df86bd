"""List the people whom the initiator may see: two initiators, two lists, and no error."""

from deputize.script import Http, Initiator


def main(http: Http, initiator: Initiator) -> dict[str, object]:
    people = []
    for page in http.pages("/api/xm/1/people"):
        people += [person["targetName"] for person in page.raise_for_status().json()["data"]]
    return {"seen by": initiator.id, "people": people}
