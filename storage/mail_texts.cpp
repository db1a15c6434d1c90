#include "storage/mail_texts.h"

#include <set>

#include "storage/calls.h"
#include "storage/session.h"

namespace aiguillage::storage {

namespace {

const std::string kMailText =
    "select call, message, collection, version, removed, words, html, person, at from mail_text"
    " where call = :call and message = :message and collection = :collection";

Query& Out(Query& query, MailTextVersion& m) {
  return query.Out(m.call)
      .Out(m.message)
      .Out(m.collection)
      .Out(m.version)
      .Out(m.removed)
      .Out(m.text)
      .Out(m.html)
      .Out(m.person)
      .Out(m.at);
}

std::string MemoOf(const std::string& call) { return "mail texts " + call; }

}  // namespace

MailTextVersion InsertMailText(Session& session, MailTextVersion m) {
  m.version = 0;
  Query newest(session,
               "select coalesce(max(version), 0) from mail_text"
               " where call = :call and message = :message and collection = :collection");
  newest.In("call", m.call).In("message", m.message).In("collection", m.collection);
  newest.Out(m.version).One();
  ++m.version;
  Query query(session,
              "insert into mail_text"
              " (call, message, collection, version, removed, words, html, person, at)"
              " values (:call, :message, :collection, :version, :removed, :words, :html, :person,"
              " :at)");
  query.In("call", m.call).In("message", m.message).In("collection", m.collection);
  query.In("version", m.version).In("removed", m.removed).In("words", m.text);
  query.In("html", m.html).In("person", m.person).In("at", m.at).Run();
  session.memo().Forget(MemoOf(m.call));
  return m;
}

std::vector<MailTextVersion> MailTextsOf(Session& session, const std::string& call,
                                         const std::string& message,
                                         const std::string& collection) {
  MailTextVersion m;
  Query query(session, kMailText + " order by version desc");
  query.In("call", call).In("message", message).In("collection", collection);
  return Out(query, m).All(m);
}

std::optional<MailTextVersion> FindMailText(Session& session, const std::string& call,
                                            const std::string& message,
                                            const std::string& collection, int version) {
  MailTextVersion m;
  Query query(session, kMailText + " and version = :version");
  query.In("call", call).In("message", message).In("collection", collection);
  query.In("version", version);
  return Out(query, m).One() ? std::optional(m) : std::nullopt;
}

std::vector<MailTextHead> MailTextsInForce(Session& session, const std::string& call) {
  return session.memo().Of<std::vector<MailTextHead>>(MemoOf(call), [&] {
    MailTextHead head;
    bool removed = false;
    std::vector<MailTextHead> heads;
    std::set<std::string> seen;
    Query query(session,
                "select message, collection, version, removed from mail_text where call = :call"
                " order by message desc, collection desc, version desc");
    query.In("call", call);
    query.Out(head.message).Out(head.collection).Out(head.version).Out(removed);
    query.Each([&] {
      const bool newest = seen.insert(head.message + '\n' + head.collection).second;
      if (newest && !removed) heads.push_back(head);
    });
    return heads;
  });
}

std::optional<MailTextHead> ClosestMailText(Session& session, const std::string& call,
                                            const std::string& message,
                                            const std::string& collection) {
  const auto heads = MailTextsInForce(session, call);
  if (heads.empty()) return std::nullopt;
  std::vector<std::string> places = {""};
  const auto own = FindCollection(session, collection);
  if (own && !own->parent.empty()) places.insert(places.begin(), own->parent);
  if (own) places.insert(places.begin(), own->slug);
  for (const auto& place : places) {
    for (const auto& head : heads) {
      if (head.message == message && head.collection == place) return head;
    }
  }
  return std::nullopt;
}

}  // namespace aiguillage::storage
