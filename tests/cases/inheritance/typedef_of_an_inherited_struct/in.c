typedef struct card {
	old_t link;
} card_t;

struct other {
	old_t other;
};

static int by_typedef(card_t *card)
{
	return card->link.port;
}

static int by_struct(struct card *card)
{
	return card->link.port;
}

static int of_another(struct other *card)
{
	return card->link.port;
}
