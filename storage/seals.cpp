#include "storage/seals.h"

#include "storage/hash.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kSeal = "select day, at, heads, previous, hash from seal ";

Query& Out(Query& query, Seal& seal) {
  return query.Out(seal.day).Out(seal.at).Out(seal.heads).Out(seal.previous).Out(seal.hash);
}

class SealDigest {
 public:
  explicit SealDigest(const Seal& seal) {
    stream_.Add(seal.previous + "," + seal.day + "," + std::to_string(seal.at) + "\n");
  }
  void Add(std::int64_t project, std::int64_t seq, const std::string& hash) {
    stream_.Add(std::to_string(project) + "," + std::to_string(seq) + "," + hash + "\n");
  }
  std::string Hex() { return stream_.Hex(); }

 private:
  Sha256Stream stream_;
};

// The heads first covered that day, and what the journal holds in their place now.
struct Head {
  std::int64_t project = 0, seq = 0;
  std::string hash, now, number;
};

template <typename Row>
void EachHead(Session& session, const std::string& day, Row&& row) {
  Head head;
  Query(session,
        "select h.project, h.seq, h.hash, coalesce(j.hash, ''), coalesce(p.number, '')"
        " from seal_head h left join journal j on j.project = h.project and j.seq = h.seq"
        " left join project p on p.id = h.project where h.day = :day order by h.project")
      .In("day", day)
      .Out(head.project)
      .Out(head.seq)
      .Out(head.hash)
      .Out(head.now)
      .Out(head.number)
      .Each([&] { row(head); });
}

}  // namespace

std::optional<Seal> LastSeal(Session& session) {
  Seal seal;
  Query query(session, kSeal + "order by day desc limit 1");
  if (!Out(query, seal).One()) return std::nullopt;
  return seal;
}

std::vector<Seal> Seals(Session& session) {
  Seal seal;
  Query query(session, kSeal + "order by day");
  return Out(query, seal).All(seal);
}

std::optional<Seal> SealJournal(Session& session, const std::string& day, std::int64_t at) {
  const auto last = LastSeal(session);
  if (last && last->day >= day) return std::nullopt;
  Seal seal{day, at, 0, last ? last->hash : "", ""};
  Query(session,
        "insert into seal (day, at, heads, previous, hash) values (:day, :at, 0, :previous, '')")
      .In("day", day)
      .In("at", at)
      .In("previous", seal.previous)
      .Run();
  seal.heads = Query(session,
                     "insert into seal_head (project, seq, hash, day)"
                     " select j.project, j.seq, j.hash, :day from journal j"
                     " join (select project, max(seq) as seq from journal group by project) head"
                     " on head.project = j.project and head.seq = j.seq"
                     " where not exists (select 1 from seal_head h"
                     " where h.project = j.project and h.seq = j.seq)")
                   .In("day", day)
                   .Run();
  if (seal.heads == 0) {
    Query(session, "delete from seal where day = :day").In("day", day).Run();
    return std::nullopt;
  }
  SealDigest digest(seal);
  EachHead(session, day, [&](const Head& head) { digest.Add(head.project, head.seq, head.hash); });
  seal.hash = digest.Hex();
  Query(session, "update seal set heads = :heads, hash = :hash where day = :day")
      .In("heads", seal.heads)
      .In("hash", seal.hash)
      .In("day", day)
      .Run();
  return seal;
}

std::vector<std::string> SealFaults(Session& session) {
  std::vector<std::string> faults;
  std::string previous;
  for (const Seal& seal : Seals(session)) {
    SealDigest digest(seal);
    std::int64_t heads = 0;
    std::string first;
    EachHead(session, seal.day, [&](const Head& head) {
      ++heads;
      digest.Add(head.project, head.seq, head.hash);
      if (!first.empty() || head.hash == head.now) return;
      first = (head.number.empty() ? "projet " + std::to_string(head.project) : head.number) +
              ", acte " + std::to_string(head.seq) +
              (head.now.empty() ? " : manque, alors qu’il a été scellé le "
                                : " : ce n’est plus ce qui a été scellé le ") +
              seal.day;
    });
    if (!first.empty()) faults.push_back(first);
    if (seal.previous != previous) {
      faults.push_back("sceau du " + seal.day + " : il ne suit pas celui d’avant");
    } else if (seal.heads != heads || seal.hash != digest.Hex()) {
      faults.push_back("sceau du " + seal.day + " : il a été modifié");
    }
    previous = seal.hash;
  }
  return faults;
}

}  // namespace aiguillage::storage
